import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readDockerfile } from "../../../../local/deploy/image/dockerfile";
import { filesOf } from "../../../../local/deploy/image/layer";

const text = (...lines: string[]): string => `${lines.join("\n")}\n`;
const PINNED = `node:24@sha256:${"a".repeat(64)}`;

let context: string;
beforeAll(() => {
  context = mkdtempSync(path.join(tmpdir(), "wand-stages-"));
  mkdirSync(path.join(context, "assets/deep"), { recursive: true });
  for (const file of ["server.js", "assets/a.css", "assets/deep/b.css"]) writeFileSync(path.join(context, file), file);
});
afterAll(() => rmSync(context, { recursive: true, force: true }));

/** Place in the image and content of each file, as `place=content`. */
const files = (...lines: string[]): string[] =>
  filesOf(readDockerfile(text(...lines)), context).map(({ name, content }) => `${name}=${content.toString()}`);

describe("the stages of a Dockerfile", () => {
  it("begin with all that the stage ends with which they are made from", () => {
    const recipe = readDockerfile(
      text(
        `FROM ${PINNED} AS base`,
        "WORKDIR /app",
        "COPY server.js ./",
        "ENV A=1 B=1",
        "USER node",
        "FROM Base AS other",
        "ENV B=other",
        "FROM base",
        "ENV B=2 C=3",
        'CMD ["node"]',
      ),
    );
    expect(recipe).toMatchObject({ from: PINNED, workdir: "/app", user: "node", cmd: ["node"] });
    expect(recipe.env).toEqual(["A=1", "B=2", "C=3"]);
    expect(recipe.copies).toEqual([{ sources: ["server.js"], target: "/app/" }]);
  });

  it("give files and folders to later ones, by name or number", () => {
    const before = ["FROM a AS first", "WORKDIR /src", "COPY server.js assets/ ./", "FROM b"];
    expect(files(...before, "COPY --from=first /src/server.js /app/")).toEqual(["app/server.js=server.js"]);
    expect(files(...before, "COPY --from=0 /src/deep/b.css /b.css")).toEqual(["b.css=assets/deep/b.css"]);
    expect(files(...before, "COPY --from=first --chown=root:root /src /out")).toEqual([
      "out/a.css=assets/a.css",
      "out/deep/b.css=assets/deep/b.css",
      "out/server.js=server.js",
    ]);
  });

  it("give nothing of their base image, and no folder whose name only begins alike", () => {
    const before = ["FROM a AS first", "COPY assets/ /src/", "FROM b"];
    expect(() => files(...before, "COPY --from=first /bin/sh /bin/sh")).toThrow(
      "COPY names /bin/sh, which its stage does not copy from the build context",
    );
    expect(() => files(...before, "COPY --from=first /sr /out")).toThrow("COPY names /sr");
  });

  it("may need an engine where nothing of them is needed, and only there", () => {
    const build = ["FROM a AS build", "COPY server.js ./", "RUN make", "FROM b AS next"];
    expect(files(...build, "COPY server.js ./")).toEqual(["server.js=server.js"]);
    expect(() => files(...build, "COPY --from=build /server.js ./")).toThrow(
      "line 5 of the Dockerfile (COPY) copies from a stage whose files only an engine can make (line 3 of the Dockerfile (RUN)",
    );
    expect(() => files(...build, "COPY --from=build /out ./", "FROM next")).toThrow("line 5 of the Dockerfile (COPY)");
    expect(() => files("FROM a AS build", "RUN make", "FROM build")).toThrow("line 2 of the Dockerfile (RUN)");
  });

  it("are not those of another image, nor later ones", () => {
    expect(() => files("FROM a", "COPY --from=later /x /x", "FROM b AS later")).not.toThrow();
    expect(() => files("FROM b", "COPY --from=nginx:1 /x /x")).toThrow("copies from another image");
    expect(() => files("FROM b", "COPY --from=0 /x /x")).toThrow("copies from another image");
  });
});

describe("what an engine would put into Node's compile cache", () => {
  const filled = ["FROM a AS started", "RUN node server.js", "FROM b", "WORKDIR /app", "COPY server.js ./"];
  const copied = "COPY --from=started /tmp/cache ./compile-cache";

  it("is left out: the same process runs, and fills it anew", () => {
    expect(files(...filled, "ENV NODE_COMPILE_CACHE=compile-cache", copied)).toEqual(["app/server.js=server.js"]);
    expect(files(...filled, "ENV NODE_COMPILE_CACHE=/app/compile-cache", `${copied}/`)).toHaveLength(1);
  });

  it.each([
    ["no folder is named as the cache", "ENV OTHER=compile-cache"],
    ["another folder is", "ENV NODE_COMPILE_CACHE=compile-cache-2"],
    ["the folder around it is", "ENV NODE_COMPILE_CACHE=/app"],
    ["the folder is named by nothing", "ENV NODE_COMPILE_CACHE="],
  ])("is not what is copied where %s", (_name, env) => {
    expect(() => files(...filled, env, copied)).toThrow("only an engine can make");
  });
});

describe("the variables of a Dockerfile", () => {
  const dockerfile = text(
    `ARG BASE=${PINNED}`,
    "ARG PLACE=/srv",
    "FROM ${BASE} AS one",
    "ARG PLACE",
    "ARG FILE=server.js",
    "WORKDIR $PLACE/app",
    "COPY ${FILE} ./",
    'ENV WHERE="$PLACE here" PLACE=/env',
    "LABEL where=$WHERE",
    "FROM one",
    "ENV AGAIN=${PLACE}",
  );

  it("have their defaults", () => {
    expect(readDockerfile(dockerfile)).toMatchObject({
      from: PINNED,
      workdir: "/srv/app",
      copies: [{ sources: ["server.js"], target: "/srv/app/" }],
      env: ["WHERE=/srv here", "PLACE=/env", "AGAIN=/env"],
      labels: { where: "/srv here" },
    });
  });

  it("have what is given over their defaults, but for the environment's", () => {
    const recipe = readDockerfile(dockerfile, { BASE: "local:1", PLACE: "/given", FILE: "assets" });
    expect([recipe.from, recipe.workdir, recipe.copies[0]?.sources]).toEqual(["local:1", "/given/app", ["assets"]]);
    expect(recipe.env).toContain("AGAIN=/env");
  });

  it.each([
    ["ARG BASE", "FROM $BASE", "BASE"],
    ["FROM a", "USER $WHO", "WHO"],
    ["ARG WHO=node\nFROM a", "USER $WHO", "WHO"], // a stage has to declare it again
    ["FROM a AS one\nARG WHO=node\nFROM b", "USER $WHO", "WHO"],
  ])("are refused without a value: %j, then %s", (before, line, name) => {
    expect(() => readDockerfile(text(before, line))).toThrow(
      `uses a variable that no ARG or ENV before it gives a value: ${name}`,
    );
  });

  it.each(["ENV A=${B:-c}", "ENV A=${B:+c}", "ENV A=\\$B", "ENV A=$"])("are refused in another form: %s", (line) => {
    expect(() => readDockerfile(text("FROM a", "ARG B=1", line))).toThrow("in another form than $NAME and ${NAME}");
  });

  it("are left to the process in a command", () => {
    expect(readDockerfile(text("FROM a", 'CMD ["sh", "-c", "echo $HOME"]')).cmd).toEqual(["sh", "-c", "echo $HOME"]);
  });
});

describe("the generator's own Dockerfile", () => {
  const dockerfile = readFileSync(path.resolve(__dirname, "../../../../images/generator/Dockerfile"), "utf8");

  it("is pinned by digest in every FROM, is not root's, and needs no engine", () => {
    const recipe = readDockerfile(dockerfile);
    expect(recipe.from).toMatch(/^node:24\.[\d.]+-bookworm-slim@sha256:[0-9a-f]{64}$/);
    expect(recipe).toMatchObject({ user: "node", workdir: "/app", ports: ["8080/tcp"] });
    expect(recipe.cmd).toEqual(["node", "--no-concurrent-recompilation", "server.js"]);
    // V8 takes the compile cache only with the options that it was filled with.
    expect(dockerfile).toContain(`NODE_COMPILE_CACHE=/tmp/compile-cache ${recipe.cmd?.join(" ")} &`);
    expect(filesOf(recipe, context).map(({ name }) => name)).toEqual(["app/server.js"]);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, name]) => name);
    expect(new Set(bases)).toEqual(new Set(["${BASE_IMAGE}", "server"]));
  });

  it("has a health check that names no address but its own", () => {
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\\\n {2}CMD \["node", "-e", "fetch\('http:\/\/127\.0\.0\.1:'/m);
  });
});
