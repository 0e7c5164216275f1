import { createLogUpdate } from "log-update";
import type { OnFleetEvent } from "../../infra/fleet/run/events";
import { FleetPicture, plainFleet } from "./fleetPicture";
import { canRedraw } from "./style";

const FRAME_MS = 200;

/** Shows a run over shops as it goes on. */
export interface FleetProgress {
  readonly onEvent: OnFleetEvent;
  /** Leaves the last picture standing. */
  end(): void;
}

/** A bar and the shops under way on a terminal, a line for each thing that happens elsewhere. */
export const fleetProgressOn = (stream: NodeJS.WriteStream, shops: number, planned: boolean): FleetProgress =>
  canRedraw(stream)
    ? liveFleet(stream, shops)
    : { onEvent: plainFleet((line) => void stream.write(`${line}\n`), shops, planned), end: () => undefined };

function liveFleet(stream: NodeJS.WriteStream, shops: number): FleetProgress {
  const update = createLogUpdate(stream);
  const picture = new FleetPicture(shops, Date.now());
  const draw = (): void => update(picture.lines(Date.now()).join("\n"));
  const timer = setInterval(draw, FRAME_MS);
  return {
    onEvent(event) {
      picture.take(event, Date.now());
    },
    end() {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}
