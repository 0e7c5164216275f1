import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from "yaml";
import type { PathStep } from "../engine/propertyPath";
import { DeployError } from "../errors";

/** Long lines stay long. */
const STYLE = { lineWidth: 0 };

/** What may stand under a key: data as JSON has it. */
export type ConfigValue = string | number | boolean | readonly ConfigValue[] | { readonly [key: string]: ConfigValue };

/** A stack's file (`Pulumi.{stack}.yaml`) that is edited as the CLI edits it: order, comments and other keys stay. */
export class StackFile {
  readonly file: string;
  readonly #document: Document;
  /** The file as it was read. */
  readonly #text: string;
  /** The same, as this program writes it. */
  readonly #before: string;

  /** @throws DeployError STACK_NOT_FOUND, and BAD_STACK_FILE for a file that is no YAML: such a one is never written */
  constructor(projectDir: string, stack: string) {
    this.file = path.join(projectDir, `Pulumi.${stack}.yaml`);
    if (!existsSync(this.file)) {
      throw new DeployError(
        "STACK_NOT_FOUND",
        `there is no ${this.file}: write it, or name another stack with --stack`,
      );
    }
    this.#text = readFileSync(this.file, "utf8");
    this.#document = parseDocument(this.#text);
    const [error] = this.#document.errors;
    const { contents } = this.#document;
    if (error !== undefined || (contents !== null && !isMap(contents))) {
      throw this.#bad(`cannot be edited: ${error?.message.split("\n")[0] ?? "it has no keys"}`);
    }
    this.#before = this.#document.toString(STYLE);
  }

  /** Salt and check of the passphrase of the stack's secrets; undefined where there are none yet. */
  get encryptionSalt(): string | undefined {
    const salt = this.#document.get("encryptionsalt");
    return typeof salt === "string" ? salt : undefined;
  }

  set encryptionSalt(salt: string) {
    this.#document.set("encryptionsalt", salt);
  }

  /** Who else keeps the stack's secrets: a key service, by its address. */
  get secretsProvider(): string | undefined {
    const provider = this.#document.get("secretsprovider");
    return typeof provider === "string" && provider !== "passphrase" ? provider : undefined;
  }

  /** What stands under a key of the config (`wandstore:worker`), or below it. */
  get(key: string, below: readonly PathStep[] = []): unknown {
    const value = this.#document.getIn(["config", key, ...below]);
    return typeof value === "object" && value !== null && "toJSON" in value
      ? (value as { toJSON(): unknown }).toJSON()
      : value;
  }

  /**
   * Sets a key of the config, or what lies below it; what is missing on the way is made.
   *
   * @param comment stands above the key where it was not there before.
   * @throws DeployError BAD_STACK_FILE where the way leads through something that has no parts
   */
  set(key: string, value: ConfigValue, below: readonly PathStep[] = [], comment?: string): void {
    const config = this.#config();
    this.#checkWay(key, below);
    const [first] = below;
    if (!config.has(key)) {
      const pair = this.#document.createPair(key, first === undefined ? value : container(first));
      if (comment !== undefined && isScalar(pair.key)) pair.key.commentBefore = ` ${comment}`;
      config.add(pair);
    } else if (first !== undefined && !isCollection(config.get(key, true))) {
      config.set(key, this.#document.createNode(container(first))); // as the CLI has it: a plain value gives way
    }
    const node = typeof value === "object" ? this.#document.createNode(value) : value;
    this.#document.setIn(["config", key, ...below], node);
  }

  /** Takes a key of the config away; answers whether it was there. */
  unset(key: string): boolean {
    return this.#document.deleteIn(["config", key]);
  }

  /** Writes the file whole, or leaves it as it is; answers whether anything changed. */
  async save(): Promise<boolean> {
    const after = this.#document.toString(STYLE);
    if (after === this.#before) return false;
    if (readFileSync(this.file, "utf8") !== this.#text) throw this.#bad("was changed meanwhile: try again");
    await writeFileAtomic(this.file, after);
    return true;
  }

  #config(): YAMLMap {
    const found = this.#document.get("config", true);
    if (isMap(found)) return found;
    if (found !== undefined && !(isScalar(found) && found.value === null)) throw this.#bad("has a config without keys");
    const config = this.#document.createNode({}) as YAMLMap;
    this.#document.set("config", config);
    return config;
  }

  #checkWay(key: string, below: readonly PathStep[]): void {
    below.forEach((step, depth) => {
      const at = this.#document.getIn(["config", key, ...below.slice(0, depth)], true);
      const where = [key, ...below.slice(0, depth)].join(".");
      if (isSeq(at) && (typeof step !== "number" || step > at.items.length)) {
        throw this.#bad(`has a list of ${at.items.length} at ${where}; ${JSON.stringify(step)} is no place in it`);
      }
      if (isMap(at) && typeof step !== "string") throw this.#bad(`has no list at ${where}`);
      if (isScalar(at) && at.value !== null && depth > 0) throw this.#bad(`has a plain value at ${where}`);
    });
  }

  #bad(why: string): DeployError {
    return new DeployError("BAD_STACK_FILE", `${this.file} ${why}`);
  }
}

const isCollection = (node: unknown): boolean => isMap(node) || isSeq(node);

/** What holds the thing that a step of a path leads to. */
const container = (step: PathStep): ConfigValue => (typeof step === "number" ? [] : {});
