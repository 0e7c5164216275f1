import * as z from "zod";
import { CachedUISchema, type CachedUI } from "../../contract/cachedUi";
import { SectionSchema, type Section } from "../../contract/layout";

/** A page as a tier holds it. Its sections are looked at only when it is drawn again, since there may be many. */
export type StoredUI = Omit<CachedUI, "ui"> & { ui: { html: string; components: readonly unknown[] } };

const StoredUISchema = CachedUISchema.extend({
  ui: z.object({ html: z.string(), components: z.array(z.unknown()) }),
  // What is given back in a header and compared with times: its form is looked at, its value is the clock's affair.
  csp_hash: z.string().regex(/^'?sha256-[A-Za-z0-9+/=]+'?$/),
});

/** A page of a value that a tier gave; undefined for one that is none of ours. */
export const readStored = (value: unknown): StoredUI | undefined => StoredUISchema.safeParse(value).data;

/** What of a page stands beside its packed document. */
export type StoredAbout = Omit<StoredUI, "ui" | "shop_context" | "version">;

const AboutSchema = StoredUISchema.omit({ ui: true, shop_context: true, version: true });

/** What stands beside a packed document; undefined when it is none of ours. */
export const readAbout = (value: unknown): StoredAbout | undefined => AboutSchema.safeParse(value).data;

/** The sections of a stored page; undefined when they are not what sections can be. */
export const sectionsOf = (page: StoredUI): Section[] | undefined =>
  z.array(SectionSchema).safeParse(page.ui.components).data;
