export declare function getNodeAutoInstrumentations(config?: object): unknown[];
