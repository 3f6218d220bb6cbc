const SCORE = 0.9;
module.exports = {
  ci: {
    assert: {
      assertions: {
        'categories:accessibility': ['error', { minScore: 1 }], // 'categories:seo': 'off'
        'categories:seo': ['error', { minScore: SCORE }],
      },
    },
  },
};
