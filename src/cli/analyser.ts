import type { Analysis, Finding, Repair } from "../finding.js";
import type { CheckSettings } from "../read-checks.js";
import type { SdkSetting } from "../settings.js";

/** What the command line asks of the analysis of one tree; the workspace of the library gives it. */
export interface Analyser {
  analyse(): Analysis;
  repair(finding: Finding): Repair | undefined;
  /** Why there is no repair of a finding, where that is known. */
  refusal?(finding: Finding): string | undefined;
  read(file: string): string | undefined;
}

/** What may be set when an analysis is opened. */
export interface AnalyserOptions {
  root: string;
  strict?: boolean;
  /** In-house SDKs that no analysis can see. */
  sdks?: SdkSetting[];
  /** Checks switched on or off, by the name of their rule and their own. */
  checks?: CheckSettings;
  onProgress?: (done: number, total: number) => void;
}

/** Opens the analysis of a tree as it is on disk now. */
export type OpenAnalyser = (options: AnalyserOptions) => Analyser | Promise<Analyser>;
