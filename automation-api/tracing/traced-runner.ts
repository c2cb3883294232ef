import type { RunOptions, StackConfig, StackEvent, StackRunner } from "../stack-runner.ts";
import { type Span, within } from "./tracing.ts";

/** A runner whose commands are spans, and within them what happens to each resource, the release among them. */
export function tracedRunner(runner: StackRunner): StackRunner {
  return {
    ...runner,
    up: (stack, config: StackConfig, run = {}) =>
      traced("pulumi up", stack, run, (inside) => runner.up(stack, config, inside)),
    refresh: (stack, run = {}) => traced("pulumi refresh", stack, run, (inside) => runner.refresh(stack, inside)),
    destroy: (stack, run = {}) => traced("pulumi destroy", stack, run, (inside) => runner.destroy(stack, inside)),
  };
}

function traced<T>(name: string, stack: string, run: RunOptions, work: (run: RunOptions) => Promise<T>): Promise<T> {
  if (run.span === undefined) return work(run);
  const span = run.span.child(name, { "pulumi.stack": stack });
  const resources = new Map<string, Span>();
  const onEvent = (event: StackEvent) => {
    follow(span, resources, event);
    run.onEvent?.(event);
  };
  const running = within(span, () => work({ ...run, span, onEvent }));
  return running.finally(() => {
    for (const open of resources.values()) open.end("interrupted");
  });
}

/** Resources that nothing is done to take no time. */
function follow(parent: Span, open: Map<string, Span>, event: StackEvent): void {
  if (event.kind !== "resource" || event.action === "same") return;
  const { type, name, action, phase } = event;
  const key = `${type} ${name}`;
  if (phase === "started") {
    const kind = type.split(":").at(-1) ?? type;
    open.get(key)?.end();
    open.set(key, parent.child(`${action} ${kind} ${name}`, { "pulumi.type": type, "pulumi.action": action }));
    return;
  }
  open.get(key)?.end(phase === "failed" ? "failed" : undefined);
  open.delete(key);
}
