import type { types } from "@pulumi/kubernetes";
import { STORE_LABEL } from "./names.ts";

type PolicySpec = types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;

/**
 * What roles cannot say: a worker changes namespaces that carry our label, and what is in them, and nothing else. By the
 * policy's name.
 * @param namespace the platform's
 */
export function workerConfinement(namespace: string): Record<string, PolicySpec> {
  const onlyWorkers = [
    {
      name: "a-worker",
      expression: `request.userInfo.username in ${JSON.stringify(
        ["worker", "operation"].map((account) => `system:serviceaccount:${namespace}:${account}`),
      )}`,
    },
  ];
  return {
    "worker-namespaces": {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [""],
            apiVersions: ["*"],
            resources: ["namespaces", "namespaces/*"],
            operations: ["CREATE", "UPDATE", "DELETE"],
          },
        ],
      },
      matchConditions: onlyWorkers,
      validations: [
        {
          // The label counts as it was before: otherwise a worker could take a strange namespace by labelling it.
          expression:
            "(request.operation == 'CREATE' ? object : oldObject).metadata.?labels.orValue({})" +
            `.exists(key, key == '${STORE_LABEL}')`,
          message: `A worker may only change namespaces of stores, which carry the label ${STORE_LABEL}.`,
        },
        {
          expression: `request.operation != 'UPDATE' || ('${STORE_LABEL}' in object.metadata.?labels.orValue({}))`,
          message: `The label ${STORE_LABEL} of a store's namespace is never removed.`,
        },
      ],
    },
    "worker-objects": {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ["*"],
            apiVersions: ["*"],
            resources: ["*/*"],
            operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"],
            scope: "Namespaced",
          },
        ],
      },
      matchConditions: onlyWorkers,
      validations: [
        {
          expression: `(namespaceObject != null && '${STORE_LABEL}' in namespaceObject.metadata.?labels.orValue({})) || ${isOperation(namespace)}`,
          message: `A worker may only change what is in namespaces of stores, which carry the label ${STORE_LABEL}, and Jobs of operations.`,
        },
      ],
    },
  };
}

/** Jobs of operations in the platform's namespace, whose pods get no other account than theirs. */
function isOperation(namespace: string): string {
  const labels = "(request.operation == 'DELETE' ? oldObject : object).metadata.?labels.orValue({})";
  return [
    `(request.namespace == '${namespace}' && request.resource.resource == 'jobs'`,
    `${labels}[?'app.kubernetes.io/component'].orValue('') == 'operation'`,
    "(request.operation == 'DELETE' || object.spec.template.spec.?serviceAccountName.orValue('') == 'operation'))",
  ].join(" && ");
}
