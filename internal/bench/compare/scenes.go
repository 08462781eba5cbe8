package main

// scenes returns those that were asked for, in the order of the report.
func scenes(o options) []scene {
	var wanted []scene
	for _, some := range [][]scene{
		thrScenes(o),
		mixedScenes(o),
		latScenes(o),
		pipelineScenes(o),
		fanoutScenes(o),
		faninScenes(o),
		startupScenes(o),
		memoryScenes(o),
		curveScenes(o),
	} {
		for _, s := range some {
			if o.wants(s.id) {
				wanted = append(wanted, s)
			}
		}
	}
	return wanted
}
