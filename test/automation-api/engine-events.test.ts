import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { createEventTranslator, translateEvent } from "../../automation-api/engine-events.ts";

function diagnostic(severity: "error" | "warning" | "info", message: string): EngineEvent {
  return {
    sequence: 1,
    timestamp: 1,
    diagnosticEvent: { message, color: "never", severity },
  };
}

it("gives a resource event the program's own name for the resource", () => {
  const event = translateEvent({
    sequence: 1,
    timestamp: 1,
    resourcePreEvent: {
      metadata: {
        op: "create",
        urn: "urn:pulumi:demo::stores::kubernetes:core/v1:Namespace::namespace",
        type: "kubernetes:core/v1:Namespace",
        provider: "",
      },
    },
  });

  expect(event).toEqual({
    kind: "resource",
    phase: "started",
    name: "namespace",
    type: "kubernetes:core/v1:Namespace",
    action: "create",
  });
});

it("drops empty messages and Pulumi's colour tags", () => {
  expect(translateEvent(diagnostic("info", "<{%reset%}>\n"))).toBeUndefined();
  expect(translateEvent(diagnostic("info", "<{%fg 1%}>hello<{%reset%}>\n"))).toMatchObject({ text: "hello" });
});

it("gives the cause of a failure, not Pulumi's own last words", () => {
  const translator = createEventTranslator(undefined);
  translator.accept(diagnostic("error", "update failed"));
  translator.accept(diagnostic("error", "image not found"));

  expect(translator.reason()).toBe("image not found");
});

describe("a release that gave up waiting", () => {
  const reasonAfter = (...troubles: string[]) => {
    const translator = createEventTranslator(undefined);
    for (const trouble of troubles) translator.accept(diagnostic("warning", trouble));
    const givenUp = '1 error occurred:\n\t* Helm release "store" failed: context deadline exceeded';
    translator.accept(diagnostic("error", givenUp));
    translator.accept(diagnostic("error", "update failed"));
    return translator.reason();
  };

  it.each([
    [
      "[Pod store-demo/medusa-1]: [ErrImagePull] no such image",
      "The pod medusa-1 does not become ready (ErrImagePull): no such image",
    ],
    [
      '[Pod store-demo/medusa-1]: container "medusa" ended with exit code 1 (Error)',
      'The pod medusa-1 does not become ready: container "medusa" ended with exit code 1 (Error)',
    ],
    ["[Pod store-demo/wordpress-1]: [Refused] This store cannot go back.", "This store cannot go back."],
    [
      "[Deployment store-demo/storefront]: [FailedCreate] exceeded quota: quota",
      "The deployment storefront cannot make its pods (FailedCreate): exceeded quota: quota",
    ],
    [
      "[StatefulSet store-demo/postgres]: [FailedCreate] exceeded quota: quota",
      "The statefulset postgres cannot make its pods (FailedCreate): exceeded quota: quota",
    ],
  ])("gives as its reason: %s", (trouble, sentence) => {
    expect(reasonAfter("Waiting for Deployment storefront", trouble)).toBe(sentence);
  });

  it("says so when nothing is known of what it waited for", () => {
    expect(reasonAfter("Waiting for Deployment storefront")).toBe(
      'Helm release "store" failed: context deadline exceeded',
    );
  });
});

it("shows a provider's single error without the list around it", () => {
  const translator = createEventTranslator(undefined);
  translator.accept(diagnostic("error", '1 error occurred:\n\t* the namespace "store-demo" was not found\n\n'));

  expect(translator.reason()).toBe('the namespace "store-demo" was not found');
});
