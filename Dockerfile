# The whole program in one small image, without shell or root. Build: docker build --build-arg VERSION=… -t dragnet .

FROM node:20-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web ./
COPY internal/web /src/internal/web
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/internal/web/dist internal/web/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" \
      -o /out/usr/bin/dragnet ./cmd/dragnet \
 && mkdir -p /out/data /out/tmp /out/etc/ssl/certs \
 && chown 65532:65532 /out/data && chmod 1777 /out/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ \
 && echo 'dragnet:x:65532:65532::/data:/sbin/nologin' > /out/etc/passwd

FROM scratch
COPY --from=build /out /
USER 65532:65532
# The default store, sqlite:dragnet.db, is in the working folder.
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/usr/bin/dragnet"]
# No default command serves: loopback inside a container reaches nobody, and anything else wants --insecure said aloud.
CMD ["--help"]
