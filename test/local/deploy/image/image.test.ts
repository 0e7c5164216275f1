import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import tar from "tar-stream";
import { buildImage } from "../../../../local/deploy/image/build";
import { readDockerfile } from "../../../../local/deploy/image/dockerfile";

const DOCKERFILE = `
# syntax comment
FROM node:24 AS unused
RUN make
FROM node:24-slim@sha256:abc
WORKDIR /app
COPY server.js ./
COPY assets/ ./public/
ENV NODE_ENV=production PORT=8080
ENV GREETING="hello there"
LABEL org.example.build="b 1" tier=test
EXPOSE 8080
USER node
HEALTHCHECK CMD ["node", "-e", "1"]
CMD ["node", "server.js"]
`;

describe("a Dockerfile", () => {
  it("is read in its final stage: files, environment, labels, port, user and command", () => {
    expect(readDockerfile(DOCKERFILE)).toEqual({
      from: "node:24-slim@sha256:abc",
      workdir: "/app",
      copies: [
        { sources: ["server.js"], target: "/app/" },
        { sources: ["assets/"], target: "/app/public/" },
      ],
      env: ["NODE_ENV=production", "PORT=8080", "GREETING=hello there"],
      labels: { "org.example.build": "b 1", tier: "test" },
      ports: ["8080/tcp"],
      user: "node",
      entrypoint: undefined,
      cmd: ["node", "server.js"],
    });
  });

  it("may start the process by a shell or an entrypoint, as Docker would", () => {
    expect(readDockerfile("FROM a\nCMD node server.js").cmd).toEqual(["/bin/sh", "-c", "node server.js"]);
    expect(readDockerfile('FROM a\nCMD [ "node", \\\n  "-e", "a b" ]').cmd).toEqual(["node", "-e", "a b"]);
    expect(readDockerfile("FROM a\nCMD ['node', 'a b']").cmd).toEqual(["/bin/sh", "-c", "['node', 'a b']"]);
    const recipe = readDockerfile('FROM a\nCMD ["lost"]\nENTRYPOINT ["node"]\nCMD ["kept.js"]');
    expect([recipe.entrypoint, recipe.cmd]).toEqual([["node"], ["kept.js"]]);
  });

  it.each([
    ["RUN npm ci", "line 2 of the Dockerfile (RUN)"],
    ["COPY --from=busybox:1 /bin/sh /bin/sh", "copies from another image"],
    ["COPY --chown=node a.js ./", "has --chown=node"],
    ["ADD https://example.com/a.tgz /a", "(ADD)"],
    ["VOLUME /data", "(VOLUME)"],
    ["COPY $FILE ./", "uses a variable that no ARG or ENV before it gives a value: FILE"],
  ])("is refused where it asks for what takes Docker: %s", (line, words) => {
    expect(() => readDockerfile(`FROM a\n${line}`)).toThrow(words);
  });

  it("without a base image is refused", () => {
    expect(() => readDockerfile("CMD node")).toThrow("no FROM");
  });
});

describe("an image", () => {
  let context: string;
  beforeEach(() => {
    context = mkdtempSync(path.join(tmpdir(), "wand-image-"));
    mkdirSync(path.join(context, "assets/deep"), { recursive: true });
    writeFileSync(path.join(context, "server.js"), "console.log(1)");
    writeFileSync(path.join(context, "assets/a.css"), "a{}");
    writeFileSync(path.join(context, "assets/deep/b.css"), "b{}");
    writeFileSync(path.join(context, "unused.txt"), "1");
  });
  afterEach(() => rmSync(context, { recursive: true, force: true }));
  const build = () => buildImage(readDockerfile(DOCKERFILE), context, "linux/amd64");

  it("has the same digest whenever and wherever it is built from the same files", async () => {
    const first = await build();
    utimesSync(path.join(context, "server.js"), new Date(0), new Date(0));
    chmodSync(path.join(context, "server.js"), 0o600);
    writeFileSync(path.join(context, "unused.txt"), "2");
    expect((await build()).manifest.digest).toBe(first.manifest.digest);
  });

  it("has another digest when a copied file, its being executable, or the Dockerfile changes", async () => {
    const digests = [(await build()).manifest.digest];
    chmodSync(path.join(context, "server.js"), 0o755);
    digests.push((await build()).manifest.digest);
    writeFileSync(path.join(context, "assets/deep/b.css"), "c{}");
    digests.push((await build()).manifest.digest);
    digests.push((await buildImage(readDockerfile(`${DOCKERFILE}\nENV A=1`), context, "linux/amd64")).manifest.digest);
    expect(new Set(digests).size).toBe(4);
  });

  it("is one layer with the files in their places, and a manifest that names what is there", async () => {
    const { layer, config, manifest } = await build();
    const names: string[] = [];
    const extract = tar.extract();
    Readable.from([layer.bytes]).pipe(extract);
    for await (const entry of extract) {
      names.push(entry.header.name);
      entry.resume();
    }
    expect(names).toEqual(["app/public/a.css", "app/public/deep/b.css", "app/server.js"]);
    const written = JSON.parse(manifest.bytes.toString()) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    expect([written.config.digest, written.layers.map((l) => l.digest)]).toEqual([config.digest, [layer.digest]]);
    expect(layer.digest).toBe(`sha256:${createHash("sha256").update(layer.bytes).digest("hex")}`);
    expect(JSON.parse(config.bytes.toString())).toMatchObject({
      architecture: "amd64",
      config: {
        WorkingDir: "/app",
        Cmd: ["node", "server.js"],
        User: "node",
        ExposedPorts: { "8080/tcp": {} },
        Labels: { tier: "test" },
      },
      rootfs: { diff_ids: [layer.digest] },
    });
  });

  it("takes no file from outside the context, and none that is missing", async () => {
    const copying = (source: string) => buildImage(readDockerfile(`FROM a\nCOPY ${source} ./`), context, "linux/amd64");
    await expect(copying("../secret")).rejects.toThrow("outside the build context");
    await expect(copying("nowhere.js")).rejects.toThrow("not in the build context");
  });
});
