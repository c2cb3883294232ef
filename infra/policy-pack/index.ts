import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { objectRules } from "./object-rules.ts";
import { stackRules } from "./stack-rules.ts";

// A table of contents: what is refused before anything is changed. The cluster refuses the same again for whatever comes to
// it by another way; see ../store-policies.ts.

const forObjects = Object.entries(objectRules).map(
  ([name, { description, violations }]): ResourceValidationPolicy => ({
    name,
    description,
    validateResource: ({ type, props }, report) => {
      for (const violation of violations({ type, props })) report(violation);
    },
  }),
);

const forStacks = Object.entries(stackRules).map(
  ([name, { description, violations }]): StackValidationPolicy => ({
    name,
    description,
    validateStack: ({ resources }, report) => {
      for (const violation of violations(resources)) report(violation);
    },
  }),
);

new PolicyPack("storefleet", { enforcementLevel: "mandatory", policies: [...forObjects, ...forStacks] });
