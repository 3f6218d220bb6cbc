import { limits } from './limits.js';
export const options = {
  thresholds: { ...limits, checks: ['rate>0.9'] },
};
