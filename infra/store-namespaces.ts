import type { types } from "@pulumi/kubernetes";
import { POD_SECURITY_LABEL, STORE_LABEL, STORE_NAMESPACE_PREFIX } from "./names.ts";

type PolicySpec = types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;

const label = (of: "object" | "oldObject", key: string) => `${of}.metadata.?labels.orValue({})[?'${key}'].orValue('')`;
const isStore = (of: "object" | "oldObject") => `('${STORE_LABEL}' in ${of}.metadata.?labels.orValue({}))`;
/** What has just become a store's has no past as one. */
const WAS_STORE = `(oldObject != null && ${isStore("oldObject")})`;

/** What is refused of the namespace of a store itself, whoever asks for it. One that goes may lose what it has. */
export const storeNamespaces: PolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: [""],
        apiVersions: ["*"],
        resources: ["namespaces", "namespaces/*"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
  },
  matchConditions: [
    { name: "a-store", expression: `${WAS_STORE} || ${isStore("object")}` },
    { name: "that-stays", expression: "!has(object.metadata.deletionTimestamp)" },
  ],
  validations: [
    {
      // One that never was, from before there was this policy, may be changed otherwise: its finalizers, its status.
      expression:
        `${label("object", POD_SECURITY_LABEL)} == 'restricted' || ` +
        `(${WAS_STORE} && ${label("oldObject", POD_SECURITY_LABEL)} != 'restricted')`,
      message: `The namespace of a store takes restricted pods alone, for good: it is labelled ${POD_SECURITY_LABEL}=restricted.`,
    },
    {
      expression: `!${WAS_STORE} || (${isStore("object")} && ${label("object", STORE_LABEL)} == ${label("oldObject", STORE_LABEL)})`,
      message: `The label ${STORE_LABEL} of a store's namespace is never removed, and never names another store.`,
    },
    {
      expression: `${WAS_STORE} || object.metadata.name == '${STORE_NAMESPACE_PREFIX}' + ${label("object", STORE_LABEL)}`,
      message: `The namespace of a store is called ${STORE_NAMESPACE_PREFIX} and what its label ${STORE_LABEL} says.`,
    },
  ],
};
