/**
 * What makes pages, by the format that is asked for. A version rises with every change of a prompt's words or of the template's
 * layouts; it is part of every persona's hash, so that no page of an older one is taken for a new one.
 */
export const PROMPT_VERSIONS = { layout: "layout-2", html: "html-2", template: "template-2" } as const;
export type PromptVersion = (typeof PROMPT_VERSIONS)[keyof typeof PROMPT_VERSIONS];
