import { App } from 'aws-cdk-lib';

const app = new App();

// Make the stacks of `stacks/` here: new MyStack(app, 'my-stack', { env });

app.synth();
