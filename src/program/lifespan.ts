/** How long a program lives: until somebody ends it, until its work is done, or as long as the program that loads it. */
export type Lifespan = "service" | "one-shot" | "library" | "invocation" | "unknown";
