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
COPY --from=build /heptad/package.json /heptad/package-lock.json ./
COPY --from=build /heptad/node_modules ./node_modules
COPY --from=build /heptad/dist ./dist
# Volumes take over owner and mode of the folder that they are mounted on. Processes of several users share the group:
# all of them write the store, each alone its keys, which it keeps in a folder of mode 0700 below /data/keys.
RUN install --directory --owner=node --group=node --mode=2775 /data /data/artifacts /data/packages \
  && install --directory --owner=node --group=node --mode=3775 /data/trust /data/keys
USER node
ENTRYPOINT ["sh", "-c", "umask 0002 && exec node --enable-source-maps \"$@\"", "heptad"]
CMD ["dist/apps/api/main.js"]
