import { thresholds as shared } from './limits';
export const options = { thresholds: shared };
