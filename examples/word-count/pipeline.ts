// A component of one's own: whatever its image can run is a step.
import { pipeline, string, useComponent } from 'pipewright';

const count = useComponent('count/component.yaml');

export default pipeline({ name: 'word-count', inputs: { text: string.default('one two two') } }, ({ text }) => {
  const counted = count({ text });
  return { words: counted.get('words'), table: counted.get('table') };
});
