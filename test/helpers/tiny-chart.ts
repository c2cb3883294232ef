import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: {{ .Values.image }}
          imagePullPolicy: IfNotPresent
          command: ["sleep", "100000"]
          resources: {requests: {cpu: 10m, memory: 8Mi}, limits: {cpu: 100m, memory: 32Mi}}
`;

/** Writes a chart of one Deployment `web` that sleeps, with the values `image` and `replicas` and no others. */
export function writeTinyChart(folder: string): void {
  mkdirSync(join(folder, "templates"), { recursive: true });
  const properties = { image: { type: "string" }, replicas: { type: "integer" } };
  const schema = { type: "object", additionalProperties: false, properties };
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: tiny\nversion: 0.1.0\nappVersion: '1'\n");
  writeFileSync(join(folder, "values.yaml"), "image: unset\nreplicas: 1\n");
  writeFileSync(join(folder, "values.schema.json"), JSON.stringify(schema));
  writeFileSync(join(folder, "templates", "deployment.yaml"), DEPLOYMENT);
}
