import { ageOf, lifetimeOf } from "../cache/lifetime";
import { findInKv, findInR2, type Found, type LookUp } from "../cache/lookUp";
import { recallPage, rememberPage, type ReadyPage } from "../cache/memory";
import type { StoredUI } from "../cache/storedUi";
import { kvKeyOf, type Variant } from "../cache/variant";
import type { Settings } from "../settings";
import type { Session } from "../shopper/api";
import type { Store } from "../stores/record";
import { withPrivacyLine } from "./privacy";
import { renderAgain } from "./render";

/** KV remembers for so long that it had nothing: a page from R2 that is younger is one KV has and does not know of yet. */
const KV_MISS_MS = 60_000;

export type Source = "memory" | "kv" | "r2" | "rerendered";

export interface Personal {
  page: ReadyPage;
  source: Source;
  /** Another page should be made: this one is stale, or not for the persona in effect. */
  outdated: boolean;
}

export interface PersonalQuery extends LookUp {
  store: Store;
  session: Session;
  /** The page the shopper should have now. */
  wanted: Variant;
  settings: Settings;
  origin: string;
  now: number;
}

/**
 * The shopper's own page from memory, KV or R2: the wanted one, else the last one that was made. It has the catalogue of
 * today whatever it was stored with. Undefined when there is none, or none that may still be shown.
 */
export async function personalPage(query: PersonalQuery): Promise<Personal | undefined> {
  const { wanted, session } = query;
  const last = session.page?.persona_hash;
  const earlier = last === undefined || last === wanted.personaHash ? [] : [{ ...wanted, personaHash: last }];
  for (const variant of [wanted, ...earlier]) {
    const page = recallPage(memoryKey(variant, query), query.now);
    const recalled = page && !hasSuccessor(page, session) ? judge(page, "memory", query) : undefined;
    if (recalled !== undefined) return recalled;
    const found = await findInKv(variant, query);
    const shown = found && (await show(found, query));
    if (shown !== undefined) return shown;
  }
  const found = await findInR2(wanted, query);
  return found && show(found, query);
}

/** Whether the shopper's session knows of a newer page of the same persona: what is here is a copy of the last one. */
const hasSuccessor = ({ personaHash, generatedAt }: ReadyPage, { page }: Session): boolean =>
  page?.persona_hash === personaHash && Date.parse(page.generated_at) > Date.parse(generatedAt);

/** A stored page as it may be sent, kept in memory for the next request. */
async function show({ page, personaHash, tier }: Found, query: PersonalQuery): Promise<Personal | undefined> {
  const current = page.catalogue_version === query.store.catalogue.version;
  const drawn = current ? stored(page, query.store) : await drawnAgain(page, query);
  if (drawn === undefined) return undefined;
  const personal = judge(ready(page, personaHash, drawn), current ? tier : "rerendered", query, tier);
  if (personal !== undefined) remember(personal.page, query);
  return personal;
}

/** The document as it is in its tier; one that is packed by itself has all that it needs. */
function stored(page: Found["page"], store: Store): Pick<ReadyPage, "body" | "cspHash"> {
  return { body: page.packed ?? withPrivacyLine(page.ui.html, store), cspHash: page.csp_hash };
}

async function drawnAgain(
  page: StoredUI,
  { store, origin, timing }: PersonalQuery,
): Promise<Pick<ReadyPage, "body" | "cspHash"> | undefined> {
  const drawn = await timing.measure("render", () => renderAgain(page, store, origin));
  return drawn && { body: withPrivacyLine(drawn.html, store), cspHash: drawn.cspHash };
}

/** Undefined for a page that is too old to be shown at all. */
function judge(
  page: ReadyPage,
  source: Source,
  { wanted, session, settings, store, now }: PersonalQuery,
  tier?: Found["tier"],
): Personal | undefined {
  const age = ageOf(page.generatedAt, lifetimeOf(page.source, store, settings), now);
  if (age === "gone") return undefined;
  const lostByKv = tier === "r2" && now - Date.parse(page.generatedAt) > KV_MISS_MS;
  const worn = (age === "stale" || lostByKv) && !hasSuccessor(page, session);
  return { page, source, outdated: worn || page.personaHash !== wanted.personaHash };
}

function remember(page: ReadyPage, query: PersonalQuery): void {
  // A page beyond its time is looked for each time: the one that is made meanwhile has the same key.
  const until = Date.parse(page.generatedAt) + lifetimeOf(page.source, query.store, query.settings).ttl * 1000;
  rememberPage(memoryKey({ ...query.wanted, personaHash: page.personaHash }, query), page, query.now, until);
}

/** A page is drawn for an address and a catalogue, so both are in its key. */
const memoryKey = (variant: Variant, { origin, store }: PersonalQuery): string =>
  [kvKeyOf(variant), store.catalogue.version, origin].join("|");

const ready = (page: StoredUI, personaHash: string, drawn: Pick<ReadyPage, "body" | "cspHash">): ReadyPage => ({
  ...drawn,
  personaType: page.meta.persona_type,
  personaHash,
  generatedAt: page.meta.generated_at,
  source: page.source,
});
