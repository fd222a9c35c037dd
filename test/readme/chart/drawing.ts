/** How a state treats calls, which gives it its colour. */
export type Tone = 'admitting' | 'rejecting' | 'trial' | 'plain';

/** A part of a line of text: what it is says how it is written. */
export interface Span {
  readonly text: string;
  readonly kind: 'tag' | 'inside' | 'stay' | 'event' | 'guard';
}

/** A line of text in a box, or at an arrow. */
export type Line = readonly Span[];

/** A state as a box. */
export interface DrawnState {
  /** The state's id in the machine. */
  readonly id: string;
  /** What stands above the lines; nothing, where it is the room of what all states of a box have in common. */
  readonly name: string;
  readonly tone: Tone;
  /** Its tags, the states in it that are not drawn, and what it answers without being left. */
  readonly lines: readonly Line[];
  readonly inside: readonly DrawnState[];
  /** Whether what is around it begins with it, and that is drawn. */
  readonly isFirst: boolean;
  /** Whether it stands for every state of the box around it. */
  readonly isCommon: boolean;
}

/** All that leads from one state to another, as one arrow. */
export interface DrawnArrow {
  /** The ids of the two states. */
  readonly from: string;
  readonly to: string;
  /** What it is labelled with. */
  readonly lines: readonly Line[];
}

/** The pictures that there are. */
export type DrawingName = 'core' | 'half-open' | 'fleet';

/** One picture of the chart, or of a part of it. */
export interface Drawing {
  /** The name of its file, without an extension. */
  readonly name: DrawingName;
  /** What one sees in it, for those who cannot. */
  readonly title: string;
  readonly states: readonly DrawnState[];
  readonly arrows: readonly DrawnArrow[];
}
