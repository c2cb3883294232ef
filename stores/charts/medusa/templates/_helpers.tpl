{{/* Labels that choose the pods of a component. Called with the component's name. */}}
{{- define "medusa.selector" -}}
app.kubernetes.io/name: medusa
app.kubernetes.io/component: {{ . }}
{{- end }}

{{/* Labels of every object. Called with (dict "root" $ "component" "…"). */}}
{{- define "medusa.labels" -}}
{{ include "medusa.selector" .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/managed-by: storefleet
app.kubernetes.io/part-of: {{ .root.Values.storeName | quote }}
storefleet.dev/store: {{ .root.Values.storeName | quote }}
storefleet.dev/engine: medusa
{{- end }}

{{/* What every pod of a store has in common: the restricted Pod Security standard and nothing of the cluster's. */}}
{{- define "medusa.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 5
{{- with .Values.imagePullSecret }}
imagePullSecrets:
  - name: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{- define "medusa.container" -}}
imagePullPolicy: IfNotPresent
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* Replicas on different nodes and zones where there are several. Called like medusa.labels. */}}
{{- define "medusa.spread" -}}
{{- if .root.Values.spread }}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "medusa.selector" $.component | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}

{{/*
What setup, server and worker are told. Addresses with a password in them are put together by the kubelet from the
variables above them, so that no value of the chart is secret.
*/}}
{{- define "medusa.environment" -}}
envFrom:
  - configMapRef:
      name: store-settings
env:
  {{- range list "DATABASE_USER" "DATABASE_PASSWORD" "REDIS_PASSWORD" "JWT_SECRET" "COOKIE_SECRET" "PUBLISHABLE_KEY" "ADMIN_EMAIL" "ADMIN_PASSWORD" }}
  - name: {{ . }}
    valueFrom:
      secretKeyRef:
        name: {{ $.Values.existingSecret.name }}
        key: {{ . }}
  {{- end }}
  - name: DATABASE_URL
    value: postgres://$(DATABASE_USER):$(DATABASE_PASSWORD)@postgres:5432/medusa
  - name: REDIS_URL
    value: redis://:$(REDIS_PASSWORD)@redis:6379
{{- end }}

{{/*
Lets the login in that the last rotation has made, by the one before, and shuts that one out when nothing uses it any more.
Only stores whose secrets have been made anew have it. Finds nothing to do when it runs once more.
Called like medusa.setup.
*/}}
{{- define "medusa.login" -}}
name: login
image: {{ .root.Values.images.postgres }}
command: [storefleet-login]
{{ include "medusa.container" .root }}
env:
  {{- range list "DATABASE_USER" "DATABASE_PASSWORD" "FORMER_DATABASE_USER" "FORMER_DATABASE_PASSWORD" }}
  - name: {{ . }}
    valueFrom:
      secretKeyRef:
        name: {{ $.root.Values.existingSecret.name }}
        key: {{ . }}
  {{- end }}
  - name: PGHOST
    value: postgres
  - name: FORMER_LOGIN
    value: {{ .root.Values.existingSecret.formerLogin }}
  # Another number starts the pods anew, so that they read the Secret again.
  - name: ROTATION
    value: {{ .root.Values.existingSecret.rotation | quote }}
resources:
  {{- toYaml .size.resources | nindent 2 }}
{{- end }}

{{/*
Migrates and fills the database, then ends. In the pods of servers and workers alike: whichever comes first does the
work, the others wait for it and find nothing to do. Called with (dict "root" $ "size" .Values.sizes.…).
*/}}
{{- define "medusa.setup" -}}
name: setup
image: {{ .root.Values.images.medusa }}
args: [setup]
{{ include "medusa.container" .root }}
{{ include "medusa.environment" .root }}
resources:
  {{- toYaml .size.resources | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end }}

{{/* A change of the settings starts the pods anew; Kubernetes alone would leave them with the old ones. */}}
{{- define "medusa.checksums" -}}
checksum/settings: {{ include (print .Template.BasePath "/settings.yaml") . | sha256sum }}
{{- end }}

{{/* What a Gateway adds to every answer. Controllers of an Ingress are told by annotations. */}}
{{- define "medusa.routeFilters" -}}
{{- if .https -}}
filters:
  - type: ResponseHeaderModifier
    responseHeaderModifier:
      set:
        - name: Strict-Transport-Security
          value: max-age=31536000
{{- else -}}
filters: []
{{- end }}
{{- end }}

{{/* What Medusa serves by itself, as a YAML list of prefixes; the storefront has everything else. */}}
{{- define "medusa.paths" -}}
[/app, /admin, /auth, /store, /files, /hooks, /health]
{{- end }}
