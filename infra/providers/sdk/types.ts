import type * as pulumi from "@pulumi/pulumi";

/** The arguments a program may pass where the provider takes `T`: any part of it may still be an Output. */
export type InputOf<T> = T extends readonly (infer Item)[]
  ? pulumi.Input<InputOf<Item>[]>
  : T extends object
    ? pulumi.Input<ArgsOf<T>>
    : pulumi.Input<T>;

export type ArgsOf<T> = { readonly [Key in keyof T]: InputOf<T[Key]> };
