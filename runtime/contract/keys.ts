/** Keys of everything the runtime stores; the formats are contracts that operators rely on. */
export const storeKey = (store: string): string => `store:${store}`;
/** `subject` is the shopper's id, or the word `cohort`. */
export const uiKey = (store: string, subject: string, personaHash: string): string =>
  `ui:${store}:${subject}:${personaHash}`;
export const sessionKey = (store: string, shopper: string): string => `session:${store}:${shopper}`;
export const jobKey = (store: string, shopper: string): string => `job:${store}:${shopper}`;
export const generatedKey = (store: string, shopper: string): string => `generated/${store}:${shopper}.html`;
export const cohortGeneratedKey = (store: string, personaHash: string): string =>
  `generated/${store}:cohort:${personaHash}.html`;
export const poolMember = (index: number): string => `pool-${index}`;
