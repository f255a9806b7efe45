import { typescript } from 'projen';

const project = new typescript.TypeScriptProject({
  defaultReleaseBranch: 'main',
  name: 'ml-platform',
  projenrcTs: true,
  sampleCode: false,
});

project.synth();
