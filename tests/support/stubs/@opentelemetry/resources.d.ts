export declare function resourceFromAttributes(attributes: Record<string, unknown>): unknown;
