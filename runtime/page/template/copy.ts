import type { CharacterName } from "../style/character";
import { speechIn, type Copy } from "../words";

/** Lines that depend on how a brand speaks. The rest of a layout's words are the same for every shop of a language. */
type Voice = Pick<Copy, "welcome" | "welcomeBack" | "invitation" | "look">;

/** In English only: shops of other languages are greeted plainly. */
const VOICES: Partial<Record<CharacterName, Partial<Voice>>> = {
  mystic: {
    welcome: (shop) => `Step inside ${shop}`,
    invitation: "The door is open and the lamps are lit. Follow whatever glimmers.",
    look: "Enter the shop",
  },
  playful: {
    welcome: (shop) => `Hello from ${shop}!`,
    welcomeBack: (shop) => `${shop} missed you!`,
    invitation: "Have a rummage. The good things are right at the front.",
    look: "Show me",
  },
  refined: {
    welcome: (shop) => `The house of ${shop}`,
    invitation: "A considered selection, chosen piece by piece.",
    look: "View the selection",
  },
  minimal: { welcome: () => "Have a look around", invitation: "No hurry. All of it is within reach.", look: "Browse" },
  bold: {
    welcome: (shop) => `This is ${shop}`,
    welcomeBack: (shop) => `Back for more, at ${shop}`,
    invitation: "No fuss. Pick yours.",
    look: "Shop now",
  },
};

const MAX_NAME = 56; // leaves room for the words around it in a title of 90 characters

/** The lines of a layout, in the shop's language and voice, with its name put in. */
export type Lines = Omit<Copy, "welcome" | "welcomeBack"> & Record<"welcome" | "welcomeBack", string>;

export function linesOf(locale: string, character: CharacterName, shopName: string): Lines {
  const { language, copy } = speechIn(locale);
  const lines = language === "en" ? { ...copy, ...VOICES[character] } : copy;
  const name = shopName.trim().length > MAX_NAME ? copy.ourShop : shopName.trim() || copy.ourShop;
  return { ...lines, welcome: lines.welcome(name), welcomeBack: lines.welcomeBack(name) };
}
