{{/* Labels of a component: (dict "root" $ "name" "sse-edge") */}}
{{- define "tailrace.selector" -}}
app.kubernetes.io/name: tailrace
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "tailrace.labels" -}}
{{ include "tailrace.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{- define "tailrace.name" -}}
{{ .root.Release.Name }}-{{ .name }}
{{- end -}}

{{- define "tailrace.image" -}}
{{ .root.Values.image.registry }}/{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{/* Not empty for a component that asks models, if there are any. */}}
{{- define "tailrace.asksModels" -}}
{{- if and .root.Values.answers.providersFile (has .name (list "ingest-api" "workers")) }}true{{ end -}}
{{- end -}}

{{- define "tailrace.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "tailrace.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* Variables of everything; jobs have no others. */}}
{{- define "tailrace.env" -}}
- {name: TAILRACE_KAFKA_BOOTSTRAP, value: {{ .root.Values.kafka.bootstrap | quote }}}
- {name: TAILRACE_KAFKA_REPLICATION_FACTOR, value: {{ .root.Values.kafka.replicationFactor | quote }}}
{{- if .root.Values.kafka.propertiesSecret }}
- {name: TAILRACE_KAFKA_PROPERTIES_FILE, value: /etc/tailrace/kafka/client.properties}
{{- end }}
{{- if .root.Values.namespacesFile }}
- {name: TAILRACE_NAMESPACES_FILE, value: /etc/tailrace/namespaces/namespaces.properties}
{{- end }}
- {name: TAILRACE_POSTGRES_URL, value: {{ .root.Values.postgres.url | quote }}}
- {name: TAILRACE_POSTGRES_USER, value: {{ .root.Values.postgres.user | quote }}}
- {name: TAILRACE_ELASTICSEARCH_URL, value: {{ .root.Values.elasticsearch.url | quote }}}
- {name: TAILRACE_JWKS_FILE, value: /etc/tailrace/public-keys/public.jwks.json}
{{- with .root.Values.otlp.endpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- if .root.Values.trustedProxies }}
- {name: TAILRACE_LIMITS_TRUSTED_PROXIES, value: {{ .root.Values.trustedProxies | quote }}}
{{- else }}
- {name: TAILRACE_EDGE_MAX_CONNECTIONS_PER_ADDRESS, value: "0"}
- {name: TAILRACE_HTTP_MAX_CONNECTIONS_PER_ADDRESS, value: "0"}
{{- end }}
{{- range $name, $value := .root.Values.env }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end -}}

{{- define "tailrace.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: public-keys, mountPath: /etc/tailrace/public-keys, readOnly: true}
{{- if .root.Values.kafka.propertiesSecret }}
- {name: kafka, mountPath: /etc/tailrace/kafka, readOnly: true}
{{- end }}
{{- if .root.Values.namespacesFile }}
- {name: namespaces, mountPath: /etc/tailrace/namespaces, readOnly: true}
{{- end }}
{{- end -}}

{{- define "tailrace.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
- name: public-keys
  secret: {secretName: {{ .root.Values.secrets.publicKeys }}}
{{- with .root.Values.kafka.propertiesSecret }}
- name: kafka
  secret: {secretName: {{ . }}}
{{- end }}
{{- if .root.Values.namespacesFile }}
- name: namespaces
  configMap: {name: {{ .root.Release.Name }}-namespaces}
{{- end }}
{{- end -}}

{{- define "tailrace.probes" -}}
startupProbe:
  httpGet: {path: /health/readiness, port: http}
  periodSeconds: 2
  failureThreshold: 90
readinessProbe:
  httpGet: {path: /health/readiness, port: http}
  periodSeconds: 3
  failureThreshold: 2
livenessProbe:
  httpGet: {path: /health/liveness, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{- define "tailrace.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "tailrace.selector" . | nindent 8 }}
{{- end -}}
