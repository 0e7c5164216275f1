import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startCloud, type Cloud, type CloudError } from "../../../../local/cloud";
import { DocumentStore } from "../../../../local/cloud/state/documents";
import { backupPath, MIGRATIONS, type Migration } from "../../../../local/cloud/state/migrations";
import { atEdge, clientOf } from "../support";

const CURRENT = MIGRATIONS.length + 1;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "state-format-"));
  file = path.join(folder, "metadata.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refused(open: () => DocumentStore): CloudError {
  try {
    open().close();
  } catch (error) {
    return error as CloudError;
  }
  throw new Error("it was opened");
}

/** A state with a hundred documents, as this program writes it. */
function writeState(): void {
  const store = DocumentStore.open(file);
  const things = store.collection<{ n: number; text: string }>("thing");
  store.transaction(() => {
    for (let n = 0; n < 100; n++) things.put(`id-${n}`, { n, text: "x".repeat(200) });
  });
  store.close();
}
function setVersion(version: number): void {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA user_version = ${version}`);
  db.close();
}
const versionIn = (of: string): number => {
  const db = new DatabaseSync(of);
  const { user_version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  db.close();
  return user_version;
};
const listIn = (of: string, migrations?: Migration[]) => {
  const store = DocumentStore.open(of, migrations ? { migrations } : {});
  const list = store.collection<Record<string, unknown>>("thing").list();
  store.close();
  return list;
};

/** Renames a field of every document. */
const rename =
  (from: string, to: string): Migration =>
  (db) =>
    db.exec(`UPDATE documents SET body = json_remove(json_set(body, '$.${to}', body -> '$.${from}'), '$.${from}')`);

describe("a state of a former version", () => {
  it("is brought up to date step by step, once, with the former one beside it", () => {
    writeState();
    const steps = [...MIGRATIONS, rename("n", "number"), rename("number", "count")];
    const [first] = listIn(file, steps);
    expect(first).toEqual({ count: 0, text: "x".repeat(200) });
    expect(versionIn(file)).toBe(CURRENT + 2);
    const backup = backupPath(file, CURRENT);
    expect(readdirSync(folder)).toEqual(["metadata.sqlite", path.basename(backup)]);
    expect(versionIn(backup)).toBe(CURRENT);

    rmSync(backup);
    expect(listIn(file, steps)).toHaveLength(100);
    expect(readdirSync(folder)).toEqual(["metadata.sqlite"]); // there was nothing to bring up to date
  });

  it("can be gone back to by the copy", () => {
    writeState();
    listIn(file, [...MIGRATIONS, rename("n", "number")]);
    expect(listIn(backupPath(file, CURRENT))).toHaveLength(100);
    expect(listIn(backupPath(file, CURRENT))[1]).toMatchObject({ n: 1 });
  });

  it("stays what it was where a step fails, and can be tried again", () => {
    writeState();
    const broken: Migration = (db) => {
      db.exec("DELETE FROM documents");
      throw new Error("the step failed");
    };
    expect(refused(() => DocumentStore.open(file, { migrations: [...MIGRATIONS, broken] })).message).toBe(
      "the step failed",
    );
    expect(versionIn(file)).toBe(CURRENT);
    expect(listIn(file)).toHaveLength(100);
    const store = DocumentStore.open(file);
    store.collection("thing").put("later", { n: 100 });
    store.close();
    expect(listIn(file, [...MIGRATIONS, rename("n", "number")])).toHaveLength(101);
    expect(listIn(backupPath(file, CURRENT))).toHaveLength(101); // the copy is of the last try
  });

  it("is not touched by half a copy that a crash left", () => {
    writeState();
    writeFileSync(`${backupPath(file, CURRENT)}.unfinished`, "half a copy");
    expect(listIn(file, [...MIGRATIONS, rename("n", "number")])).toHaveLength(100);
    expect(listIn(backupPath(file, CURRENT))).toHaveLength(100);
  });
});

describe("a state that cannot be read", () => {
  const unchanged = (error: CloudError, before: Buffer) => {
    expect(error.code).toBe("STATE_UNREADABLE");
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(["metadata.sqlite"]);
  };

  it("is refused where a newer program wrote it, with both versions and what to do, and stays as it is", () => {
    writeState();
    setVersion(CURRENT + 1);
    const before = readFileSync(file);
    const error = refused(() => DocumentStore.open(file));
    unchanged(error, before);
    expect(error.message).toBe(
      `${file} was written by a newer program: its state has version ${CURRENT + 1}, and this program knows up to ${CURRENT}. Use that program, or choose another folder with --state-dir.`,
    );
    setVersion(CURRENT);
    expect(listIn(file)).toHaveLength(100);
  });

  const damages: [string, () => void][] = [
    ["it is no database", () => writeFileSync(file, "something else, and long enough to be looked at ".repeat(40))],
    ["it was cut off", () => truncateSync(file, 4096 * 3)],
    [
      "a page of it is damaged",
      () => {
        const bytes = readFileSync(file);
        bytes.fill(0xff, 4096, 4096 * 3);
        writeFileSync(file, bytes);
      },
    ],
  ];
  it.each(damages)("is refused where %s, and stays as it is", (_what, damage) => {
    writeState();
    damage();
    const before = readFileSync(file);
    const error = refused(() => DocumentStore.open(file));
    unchanged(error, before);
    expect(error.message).toContain(`${file} is not a readable SQLite file (`);
    expect(error.message).toContain("Restore it from a copy, or remove the state folder and deploy again.");
  });

  it("is none where the file is empty: that is a new one", () => {
    writeFileSync(file, "");
    expect(listIn(file)).toEqual([]);
    expect(versionIn(file)).toBe(CURRENT);
  });
});

// Written by the first program that had a state: a shop with data of each kind, a secret, a container and a rollout without steps.
describe("the state of the first program", () => {
  let cloud: Cloud;
  beforeEach(async () => {
    execFileSync("tar", ["-xzf", path.join(__dirname, "fixtures/version-1.tar.gz"), "-C", folder]);
    cloud = await startCloud({ stateDir: folder, apiPort: 0, edgePort: 0 });
  });
  afterEach(() => cloud.close());

  it("is read by this one, and runs", async () => {
    const { accountId: account_id, edgeUrl } = cloud;
    const client = clientOf(cloud);
    expect((await client.kv.namespaces.list({ account_id })).result).toMatchObject([{ title: "cache" }]);
    expect(JSON.parse((await atEdge(edgeUrl, "shop.localhost")).text)).toEqual({
      kv: "from KV",
      d1: "from D1",
      r2: "from R2",
      count: 2,
      secret: "sealed then, opened now",
    });
    expect(await atEdge(edgeUrl, "shop.localhost", "/member")).toEqual({ status: 200, text: "two" });
    const headers = { authorization: `Bearer ${cloud.apiToken}` };
    const applications = `${cloud.apiUrl}/accounts/${account_id}/containers/applications`;
    const [application] = ((await (await fetch(applications, { headers })).json()) as { result: { id: string }[] })
      .result;
    const rollouts = await (await fetch(`${applications}/${application?.id}/rollouts`, { headers })).json();
    expect(rollouts).toMatchObject({ result: [{ status: "completed", target_version: 2 }] });
  });
});
