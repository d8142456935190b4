# One image for the API and the workers; the command says which.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /heptad
COPY . .
# Dependencies from the lock file and the build, by the same program as in a checkout.
RUN node apps/local/bootstrap.mjs --help && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim
# bubblewrap isolates the programs of others; git reads subjects that are repositories.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /heptad
COPY --from=build /heptad/package.json ./
COPY --from=build /heptad/node_modules ./node_modules
COPY --from=build /heptad/dist ./dist
# Volumes take over the owner of the folder that they are mounted on.
RUN install --directory --owner=node --group=node /data /data/artifacts /data/packages \
  && install --directory --owner=node --group=node --mode=0700 /data/keys
USER node
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/apps/api/main.js"]
