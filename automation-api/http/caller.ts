import type { Request } from "express";
import type { Connection } from "../database/connection.ts";
import { onlyOne, type Reach } from "../database/organization-repository.ts";
import { parseTraceparent } from "../tracing/tracing.ts";
import { authorize, type Named, recordRefusal } from "../use-cases/authorize.ts";
import { DomainError } from "../use-cases/domain-error.ts";
import { countChange, countSignIn } from "../use-cases/limits.ts";
import type { Manager } from "../use-cases/members.ts";
import { type Actor, actorOf, type Origin, type Principal } from "../use-cases/principal.ts";
import { HttpProblem } from "./problems.ts";
import { type Asked, type Caller, isCounted, type Route } from "./route.ts";
import { identify } from "./session-cookie.ts";

/** Where a request comes from. */
export function originOf(request: Request): Origin {
  return {
    address: request.ip,
    agent: request.get("user-agent"),
    correlationId: typeof request.id === "string" ? request.id : undefined,
    traceparent: parseTraceparent(request.get("traceparent")),
  };
}

/** What a request names in its path and query. Anything else in it means nothing to the guard. */
function namedBy(route: Route, request: Request): Named {
  const { name, id, organization: inPath } = request.params;
  const { organization: asked } = request.query;
  return {
    organization: single(route.rule.about === "organization" ? inPath : asked),
    store: single(name),
    operation: single(id),
  };
}

/** A query can give a thing twice; then it names nothing there is. */
function single(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : "";
}

/**
 * Finds out who sends a request and what they may touch by it. Throws an HttpProblem (401) when somebody has to be signed
 * in and nobody is, a DomainError when they may not.
 */
export async function callerOf(connection: Connection, route: Route, request: Request): Promise<Caller> {
  const named = namedBy(route, request);
  const look = async (onRefusal?: (principal: Principal, error: unknown) => Promise<void>) => {
    const principal = await identify(connection, request);
    if (principal === undefined && route.rule.about !== "anyone") {
      if (request.headers.authorization !== undefined) await countSignIn(connection, request.ip);
      const key = request.headers.authorization !== undefined;
      throw new HttpProblem(
        401,
        key
          ? "This API key is not known: it was mistyped, revoked, or is too old. Make another one."
          : "Sign in first.",
      );
    }
    if (principal === undefined) return { principal, reach: [] };
    try {
      return { principal, reach: await authorize(connection, principal, route.rule, named) };
    } catch (error) {
      await onRefusal?.(principal, error);
      throw error;
    }
  };
  const auditRefusal = async (principal: Principal, error: unknown) => {
    if (error instanceof DomainError && error.kind === "forbidden") {
      await recordRefusal(connection, actorOf(principal, originOf(request)), error, `${request.method} ${route.path}`);
    }
  };
  const isStillAllowed = async () => {
    try {
      await look();
      return true;
    } catch (error) {
      if (error instanceof HttpProblem || error instanceof DomainError) return false;
      throw error;
    }
  };
  const caller = { ...(await look(auditRefusal)), isStillAllowed };
  if (isCounted(route)) await countRequest(connection, route, request, caller.principal);
  return caller;
}

async function countRequest(
  connection: Connection,
  route: Route,
  request: Request,
  principal: Principal | undefined,
): Promise<void> {
  if (route.rule.about === "anyone") await countSignIn(connection, request.ip);
  else if (principal !== undefined) await countChange(connection, principal.userId);
}

/** Who is signed in; for routes that are not open. */
export function principalOf({ caller }: Pick<Asked, "caller">): Principal {
  if (caller.principal === undefined) throw new Error("Nobody is signed in, and the guard has let them pass.");
  return caller.principal;
}

/** Who does something, and where they may. */
export function reachedBy(asked: Pick<Asked, "caller" | "origin">): { actor: Actor; reach: Reach } {
  return { actor: actorOf(principalOf(asked), asked.origin), reach: asked.caller.reach };
}

/** Who changes something about the organization that the path names. */
export function managerOf(asked: Pick<Asked, "caller" | "origin">): Manager {
  const { actor, reach } = reachedBy(asked);
  return { principal: principalOf(asked), actor, organization: onlyOne(reach) };
}
