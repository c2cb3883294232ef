# What the API stands on: its libraries, and a list of them. Built anew only when the lockfile changes.
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BASE} AS libraries
WORKDIR /build
COPY repository ./
RUN npm ci --omit=dev --workspace automation-api \
 && npm sbom --package-lock-only --sbom-format=cyclonedx --omit=dev --workspace automation-api > sbom.cdx.json \
 && sh infra/images/api/slim.sh node_modules \
 && mkdir -p automation-api/node_modules

FROM ${BASE}
WORKDIR /storefleet
COPY --from=libraries /build/node_modules ./node_modules
# Of some libraries a workspace has a version of its own.
COPY --from=libraries /build/automation-api/node_modules ./automation-api/node_modules
COPY --from=libraries /build/sbom.cdx.json ./
