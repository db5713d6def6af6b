export const describeExamination = (e: object): string => JSON.stringify(e);
