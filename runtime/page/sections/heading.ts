import { html, type Html, type Interpolated } from "../html";

/** 1 for the page's first section, whose title is the page's. */
export type Level = 1 | 2;

/** The title of a section, which is named by it. */
export const heading = (level: Level, anchor: string, title: Interpolated): Html =>
  level === 1 ? html`<h1 id="${anchor}-t">${title}</h1>` : html`<h2 id="${anchor}-t">${title}</h2>`;
