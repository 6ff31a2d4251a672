// What the phone's scripts hand to each other.

/** Who reads, as account.js knows it; `offline`: remembered, not asked. */
interface Account {
  account_id: string;
  epoch: number;
  signedIn: boolean;
  offline?: boolean;
  member?: boolean;
  leads?: boolean;
  mark?: string;
  roles?: string[];
  token?: string;
  told?: any;
}

/** A record as it lies on the phone. */
interface Row {
  id: string;
  seq: number;
  kind: string;
  device: string;
  at: string;
  data: any;
  lesson_id: string | null;
  revision: number | null;
  state: "waiting" | "sent" | "refused";
  sentAt?: number;
  why?: string;
}

/** Where the rows of one account lie. `safe`: on the disk. `noted`: at least in notes (localStorage), which
 *  sudden death may cost; not even that: in this page alone. */
interface Rows {
  readonly safe: boolean;
  readonly noted: boolean;
  leaveDisk(): Promise<void>;
  meta(name: string): Promise<any>;
  setMeta(name: string, value: any): Promise<any>;
  all(): Promise<Row[]>;
  put(rows: Row[]): Promise<any>;
  remove(ids: string[]): Promise<any>;
  append(make: (device: string, seq: number) => Row): Promise<Row>;
  device(): Promise<string>;
  renew(): Promise<any>;
}

interface Navigator {
  connection?: { type?: string; saveData?: boolean };
}
