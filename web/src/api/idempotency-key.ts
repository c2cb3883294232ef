import { useCallback, useRef } from "react";

/** Random; `crypto.randomUUID` would need a secure context, which a dashboard on a plain http host has not. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A key for each different request: who presses twice, or tries again after the connection broke, asks for one thing
 * only; who changes the form asks for another.
 */
export function useIdempotencyKey(): (request: unknown) => string {
  const last = useRef({ request: "", key: "" });
  return useCallback((request) => {
    const text = JSON.stringify(request) ?? "";
    if (last.current.key === "" || last.current.request !== text) last.current = { request: text, key: newKey() };
    return last.current.key;
  }, []);
}
