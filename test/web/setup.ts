import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// What a browser has and jsdom has not. None of it stands for anything of ours.

const noMatch = (query: string): MediaQueryList =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
  });

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

Object.assign(window, { matchMedia: noMatch, ResizeObserver: NoObserver, scrollTo: () => {} });
Object.assign(Element.prototype, { scrollIntoView: () => {} });

// A busy machine is not a failure; and the sentence says enough without the whole document.
configure({ asyncUtilTimeout: 5_000, getElementError: (message) => new Error(message ?? "Not found.") });

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
});
