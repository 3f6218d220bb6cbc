export const options = {
  thresholds: {
    checks: [{ limit: 'rate>0.9' }],
  },
};
