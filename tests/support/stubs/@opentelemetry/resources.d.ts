export interface Resource {
  merge(other: Resource | null): Resource;
}

export declare function resourceFromAttributes(attributes: Record<string, unknown>): Resource;
export declare function defaultResource(): Resource;
export declare function emptyResource(): Resource;
