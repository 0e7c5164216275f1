import type { CharacterName } from "../style/character";

/** Lines that depend on how a brand speaks. The rest of a layout's words are the same for every shop. */
interface Voice {
  welcome: (shop: string) => string;
  welcomeBack: (shop: string) => string;
  invitation: string;
  look: string;
}

const PLAIN: Voice = {
  welcome: (shop) => `Welcome to ${shop}`,
  welcomeBack: (shop) => `Welcome back to ${shop}`,
  invitation: "A first look around. Begin with whatever catches your eye.",
  look: "See the shelves",
};

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
  minimal: { welcome: (shop) => shop, invitation: "Fewer things, well made.", look: "Browse" },
  bold: {
    welcome: (shop) => `This is ${shop}`,
    welcomeBack: (shop) => `Back for more, at ${shop}`,
    invitation: "No fuss. Pick yours.",
    look: "Shop now",
  },
};

const MAX_NAME = 56; // leaves room for the words around it in a title of 90 characters

/** How a brand speaks, with its name put in. */
export function voiceOf(character: CharacterName, shopName: string): Record<keyof Voice, string> {
  const voice = { ...PLAIN, ...VOICES[character] };
  const name = shopName.trim().length > MAX_NAME ? "our shop" : shopName.trim() || "our shop";
  return {
    welcome: voice.welcome(name),
    welcomeBack: voice.welcomeBack(name),
    invitation: voice.invitation,
    look: voice.look,
  };
}
