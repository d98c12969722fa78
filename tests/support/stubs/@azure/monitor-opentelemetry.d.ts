export declare function useAzureMonitor(options?: {
  azureMonitorExporterOptions?: { connectionString?: string };
}): void;
export declare function shutdownAzureMonitor(): Promise<void>;
