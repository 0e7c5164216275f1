/**
 * Writes to a state, step by step, until it is killed. What a step writes follows from its number, so it is known what has to be
 * there after it: a Worker with two versions and the module of both, which come, change and go together.
 *
 * Arguments: the folder, and the last step that was confirmed. It says on its output `same` and what must never change, `found N` for
 * the step after which the state is as it is, or `broken` and what it has found, and then `done N` after each further step.
 */
import { writeSync } from "node:fs";
import path from "node:path";
import { openAccount, openToken } from "../../../../local/cloud/state/account";
import { BlobStore } from "../../../../local/cloud/state/blobs";
import { DocumentStore } from "../../../../local/cloud/state/documents";
import { createFolders, stateFolder } from "../../../../local/cloud/state/folder";

const SLOTS = 12;

interface Doc {
  id: string;
  step: number;
  /** Of the module. */
  sha256?: string;
}
type Docs = Map<string, Doc>;

/** Not by `console`: when the call returns, the line is in the pipe, whatever becomes of the process. */
const say = (...words: unknown[]): void => void writeSync(1, `${words.join(" ")}\n`);

const slotOf = (step: number): number => (step * 7) % SLOTS;
/** Every fourth step takes something away. */
const removes = (step: number): boolean => step % 4 === 3;
const idsOf = (step: number): string[] => ["worker", "version-a", "version-b"].map((kind) => `${kind}-${slotOf(step)}`);
const moduleOf = (step: number): Buffer => Buffer.from(`module of step ${step}\n`.repeat(200));

/** The documents after a step, but for the digests. */
function after(step: number): Docs {
  const docs: Docs = new Map();
  for (let n = 1; n <= step; n++) {
    for (const id of idsOf(n)) {
      if (removes(n)) docs.delete(id);
      else docs.set(id, { id, step: n });
    }
  }
  return docs;
}

async function run(root: string, confirmed: number): Promise<void> {
  const folder = stateFolder(root);
  createFolders(folder);
  const store = DocumentStore.open(folder.metadata);
  const blobs = new BlobStore(path.join(root, "blobs"));
  const documents = store.collection<Doc>("doc");
  say("same", openAccount(store, new Date()).id, openToken(folder));

  const list = documents.list();
  const isAfter = (step: number): boolean => {
    const wanted = after(step);
    return list.length === wanted.size && list.every(({ id, step: of }) => wanted.get(id)?.step === of);
  };
  const modules = await Promise.all(
    list.map(async ({ step, sha256 }) => (await blobs.read(sha256 ?? "")).equals(moduleOf(step))),
  );
  const found = [confirmed, confirmed + 1].find(isAfter);
  if (found === undefined || modules.includes(false)) {
    say("broken", JSON.stringify({ confirmed, list, modules }));
    return;
  }
  say("found", found);
  for (let step = found + 1; ; step++) {
    const { sha256 } = await blobs.put(moduleOf(step));
    store.transaction(() => {
      for (const id of idsOf(step)) {
        if (removes(step)) documents.delete(id);
        else documents.put(id, { id, step, sha256 });
      }
    });
    say("done", step);
  }
}

const [root = "", confirmed = "0"] = process.argv.slice(2);
void run(root, Number(confirmed));
