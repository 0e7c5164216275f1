/** Keys of everything the runtime stores; the formats are contracts that operators rely on. */
export const storeKey = (store: string): string => `store:${store}`;
/** What the shop changed since its record was deployed. */
export const changesKey = (store: string): string => `changes:${store}`;
/** `subject` is the shopper's id, or the word `cohort`. */
export const uiKey = (store: string, subject: string, personaHash: string): string =>
  `ui:${store}:${subject}:${personaHash}`;
/** What the keys of all a store's or a subject's pages begin with. It ends with a colon: `ab` is no beginning of `abc`. */
export const storePagesPrefix = (store: string): string => `ui:${store}:`;
export const uiPrefix = (store: string, subject: string): string => `ui:${store}:${subject}:`;
export const sessionKey = (store: string, shopper: string): string => `session:${store}:${shopper}`;
export const jobKey = (store: string, shopper: string): string => `job:${store}:${shopper}`;
export const generatedKey = (store: string, shopper: string): string => `generated/${store}:${shopper}.html`;
export const storeGeneratedPrefix = (store: string): string => `generated/${store}:`;
export const cohortGeneratedKey = (store: string, personaHash: string): string =>
  `generated/${store}:cohort:${personaHash}.html`;
export const poolMember = (index: number): string => `pool-${index}`;
