{{/* Labels that choose the pods of a component. Called with the component's name. */}}
{{- define "woocommerce.selector" -}}
app.kubernetes.io/name: woocommerce
app.kubernetes.io/component: {{ . }}
{{- end }}

{{/* Labels of every object. Called with (dict "root" $ "component" "…"). */}}
{{- define "woocommerce.labels" -}}
{{ include "woocommerce.selector" .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/managed-by: storefleet
app.kubernetes.io/part-of: {{ .root.Values.storeName | quote }}
storefleet.dev/store: {{ .root.Values.storeName | quote }}
storefleet.dev/engine: woocommerce
{{- end }}

{{/* What every pod of a store has in common: the restricted Pod Security standard and nothing of the cluster's. */}}
{{- define "woocommerce.pod" -}}
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

{{- define "woocommerce.container" -}}
imagePullPolicy: IfNotPresent
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/*
"true" where several nodes can mount the volume of uploads. A volume that is there already cannot become another one.
*/}}
{{- define "woocommerce.shared" -}}
{{- with lookup "v1" "PersistentVolumeClaim" .Release.Namespace "uploads" }}
{{- if has "ReadWriteMany" .spec.accessModes }}true{{ end }}
{{- else }}
{{- if .Values.sharedStorageClass }}true{{ end }}
{{- end }}
{{- end }}

{{/*
Pods that share the volume of uploads. A volume that one node at a time can mount keeps them together on that node: the
server, the one that takes its place in a roll-out, and the background work.
*/}}
{{- define "woocommerce.together" -}}
{{- if not (include "woocommerce.shared" .) }}
affinity:
  podAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "woocommerce.selector" "wordpress" | nindent 12 }}
{{- end }}
{{- end }}

{{/* What every process of WordPress is told. */}}
{{- define "woocommerce.environment" -}}
envFrom:
  - configMapRef:
      name: store-settings
env:
  {{- range list "DATABASE_USER" "DATABASE_PASSWORD" "AUTH_KEY" "AUTH_SALT" "SECURE_AUTH_KEY" "SECURE_AUTH_SALT" "LOGGED_IN_KEY" "LOGGED_IN_SALT" "NONCE_KEY" "NONCE_SALT" }}
  - name: {{ . }}
    valueFrom:
      secretKeyRef:
        name: {{ $.Values.existingSecret.name }}
        key: {{ . }}
  {{- end }}
  {{- if .Values.existingSecret.rotation }}
  # Another number starts the pods anew, so that they read the Secret again.
  - name: ROTATION
    value: {{ .Values.existingSecret.rotation | quote }}
  {{- end }}
  {{- if .Values.sizes.redis }}
  - name: REDIS_HOST
    value: redis
  {{- include "woocommerce.secrets" (dict "root" . "keys" (list "REDIS_PASSWORD")) | nindent 2 }}
  {{- end }}
{{- end }}

{{/*
Lets the login in that the last rotation has made, by the one before, and shuts that one out when nothing uses it any more.
Only stores whose secrets have been made anew have it. Finds nothing to do when it runs once more.
Called with (dict "root" $ "resources" …).
*/}}
{{- define "woocommerce.login" -}}
name: login
image: {{ .root.Values.images.mariadb }}
command: [storefleet-login]
{{ include "woocommerce.container" .root }}
env:
  {{- include "woocommerce.secrets" (dict "root" .root "keys" (list "DATABASE_USER" "DATABASE_PASSWORD" "FORMER_DATABASE_USER" "FORMER_DATABASE_PASSWORD")) | nindent 2 }}
  - name: FORMER_LOGIN
    value: {{ .root.Values.existingSecret.formerLogin }}
  # Another number starts the pods anew, so that they read the Secret again.
  - name: ROTATION
    value: {{ .root.Values.existingSecret.rotation | quote }}
resources:
  {{- toYaml .resources | nindent 2 }}
{{- end }}

{{/* Called with (dict "root" $ "keys" (list …)): entries of the store's Secret that not every container needs. */}}
{{- define "woocommerce.secrets" -}}
{{- range .keys }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $.root.Values.existingSecret.name }}
      key: {{ . }}
{{- end }}
{{- end }}

{{- define "woocommerce.mounts" -}}
volumeMounts:
  - name: uploads
    mountPath: /usr/src/wordpress/wp-content/uploads
  - name: tmp
    mountPath: /tmp
{{- end }}

{{- define "woocommerce.volumes" -}}
volumes:
  - name: uploads
    persistentVolumeClaim:
      claimName: uploads
  - name: tmp
    emptyDir:
      sizeLimit: 512Mi
{{- end }}

{{/*
A claim of its own rather than a template of a StatefulSet, whose templates can never change: a larger plan may ask for
more. What is there already wins where Kubernetes would refuse the change: a volume never shrinks, grows only where its
class can expand it, and keeps its class and the way it is mounted. Without a cluster at hand (`helm template`) both
lookups are empty and what the plan says stands.
Called with (dict "root" $ "name" "…" "component" "…" "storage" "…Gi" "class" "…" "mode" "ReadWrite…").
*/}}
{{- define "woocommerce.claim" -}}
{{- $size := .storage }}
{{- $modes := list .mode }}
{{- $class := .class }}
{{- with lookup "v1" "PersistentVolumeClaim" .root.Release.Namespace .name }}
{{- $given := .spec.resources.requests.storage }}
{{- $modes = .spec.accessModes }}
{{- $class = .spec.storageClassName | default "" }}
{{- $found := lookup "storage.k8s.io/v1" "StorageClass" "" ($class | default "-") }}
{{- $grows := gt (trimSuffix "Gi" $size | int) (trimSuffix "Gi" $given | int) }}
{{- if not (and $grows (dig "allowVolumeExpansion" false $found)) }}
{{- $size = $given }}
{{- end }}
{{- end }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ .name }}
  labels:
    {{- include "woocommerce.labels" (dict "root" .root "component" .component) | nindent 4 }}
spec:
  accessModes: {{ toJson $modes }}
  {{- with $class }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ $size }}
{{- end }}

{{/* A change of the settings starts the pods anew; Kubernetes alone would leave them with the old ones. */}}
{{- define "woocommerce.checksums" -}}
checksum/settings: {{ include (print .Template.BasePath "/settings.yaml") . | sha256sum }}
{{- end }}

{{/* What a Gateway adds to every answer. Controllers of an Ingress are told by annotations. */}}
{{- define "woocommerce.routeFilters" -}}
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
