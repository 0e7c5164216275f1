import { isOfShop, openStored, type Entry, type Filter, type Kind, type Stored } from "../../local/deploy";
import { confirmByName } from "../confirm";
import { say } from "../display";
import { entryLines, tally } from "../display/stored";
import { Failure } from "../failure";
import type { StackOptions } from "../options";
import { firstDeployment, withPlace } from "../place";

interface FilterOptions extends StackOptions {
  kind?: Kind;
  store?: string;
  shopper?: string;
}
export interface KvListOptions extends FilterOptions {
  limit: string;
}
export interface KvShowOptions extends StackOptions {
  html: boolean;
}
export interface KvPurgeOptions extends FilterOptions {
  dryRun: boolean;
  yes: boolean;
}

const SLUG = /^[a-z0-9-]{2,41}$/;
const SHOPPER = /^[A-Za-z0-9_-]{1,64}$/;

/** `wandstore kv list`: what is kept, a line each. */
export async function kvList(options: KvListOptions): Promise<void> {
  const filter = filterOf(options);
  const limit = Number(options.limit);
  if (!/^\d{1,6}$/.test(options.limit) || limit < 1) {
    throw new Failure("USAGE", `--limit is a whole number from 1 to 999999; found "${options.limit}"`);
  }
  await withStored(options, async (stored) => {
    const entries: Entry[] = [];
    let more = false;
    for await (const entry of stored.list(filter)) {
      more = entries.length === limit;
      if (more) break;
      entries.push(entry);
    }
    if (options.json) return say(JSON.stringify({ stack: options.stack, entries, more }, null, 2));
    if (entries.length === 0) return say("Nothing is kept that fits. KV's lists are up to a minute behind.");
    for (const line of entryLines(entries)) say(line);
    say(more ? `… and more: --limit shows them, --store and --shopper find some.` : tally(entries));
  });
}

/** `wandstore kv show`: one value as people can read it. */
export async function kvShow(key: string, options: KvShowOptions): Promise<void> {
  await withStored(options, async (stored) => {
    const shown = await stored.show(key);
    if (shown === "unknown") {
      throw new Failure(
        "USAGE",
        `"${key}" is no key of the runtime: they begin with ui:, session:, job:, store:, changes: or generated/, as kv list shows`,
      );
    }
    if (shown === undefined) {
      throw new Failure("NOTHING_STORED", `nothing is kept under "${key}"; it may have expired: kv list shows what is`);
    }
    if (options.html) return say(htmlOf(shown.value, key));
    if (options.json) return say(JSON.stringify(shown, null, 2));
    say(typeof shown.value === "string" ? shown.value : JSON.stringify(shown.value, null, 2));
  });
}

/** `wandstore kv purge`: removes what fits; a page is made anew when its shopper comes back. */
export async function kvPurge(options: KvPurgeOptions): Promise<void> {
  const { stack, json, dryRun, yes } = options;
  const filter = filterOf(options);
  if (filter.store === undefined && filter.shopper === undefined) {
    throw new Failure("USAGE", "say whose entries are to go: --store <slug>, --shopper <id>, or both");
  }
  if (filter.kind === "stores") {
    throw new Failure("USAGE", "a store's own entry belongs to the deployment: take the store out of the stack's file");
  }
  if (filter.kind === "changes") {
    throw new Failure("USAGE", "what a shop changed is put there by its webhooks: deploy a new export in its place");
  }
  await withStored(options, async (stored) => {
    const entries: Entry[] = [];
    for await (const entry of stored.list(filter)) if (!isOfShop(entry.kind)) entries.push(entry);
    if (!json) for (const line of entryLines(entries)) say(line);
    if (!dryRun && entries.length > 0 && !yes) {
      await confirmByName(stack, `purge removes ${tally(entries)} of stack "${stack}"`);
    }
    const removed = dryRun ? 0 : await stored.purge(entries);
    if (json) return say(JSON.stringify({ stack, entries, removed, dryRun }, null, 2));
    if (entries.length === 0) return say("Nothing is kept that fits.");
    say(dryRun ? `Would remove ${tally(entries)}.` : `Removed ${tally(entries)}.`);
  });
}

async function withStored(options: StackOptions, work: (stored: Stored) => Promise<void>): Promise<void> {
  await withPlace(options, async ({ account }) => {
    const stored = await openStored(account, options.stack);
    if (stored !== undefined) return work(stored);
    const how = firstDeployment(options.stack);
    throw new Failure("NOT_DEPLOYED", `stack "${options.stack}" has nothing in this account: run "${how}" first`);
  });
}

/** @throws Failure USAGE for what can be no store's or shopper's name: it would be a part of keys. */
function filterOf({ kind, store, shopper }: FilterOptions): Filter {
  if (store !== undefined && !SLUG.test(store)) {
    throw new Failure("USAGE", `--store is a store's name, such as magic-wands; found "${store}"`);
  }
  if (shopper !== undefined && !SHOPPER.test(shopper)) {
    throw new Failure("USAGE", `--shopper has 1 to 64 letters, digits, hyphens and underscores; found "${shopper}"`);
  }
  return {
    ...(kind !== undefined && { kind }),
    ...(store !== undefined && { store }),
    ...(shopper !== undefined && { shopper }),
  };
}

/** The document of a page, from KV (in its record) or R2 (the object itself). */
function htmlOf(value: unknown, key: string): string {
  const html = typeof value === "string" ? value : (value as { ui?: { html?: unknown } } | null)?.ui?.html;
  if (typeof html === "string") return html;
  throw new Failure("USAGE", `"${key}" is no page; leave out --html`);
}
