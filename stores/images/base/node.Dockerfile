# The stand-in for node:24-bookworm-slim on machines that reach npm but no image registry.
# The build context holds local/, laid out as below /usr/local: bin/node and lib/node_modules/npm.
ARG BASE
FROM ${BASE}
COPY local /usr/local
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && ln -s node /usr/local/bin/nodejs \
 && mkdir -p /usr/local/etc /root/.npm && touch /usr/local/etc/npmrc /root/.npmrc \
 && groupadd --gid 1000 node \
 && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
CMD ["node"]
