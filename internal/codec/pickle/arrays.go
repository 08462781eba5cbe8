package pickle

import "fogmq/internal/codec/value"

// machineFormats are the numbers of array.array's formats from 0, as NumPy writes them.
var machineFormats = []string{"|u1", "|i1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<u8", ">u8", "<i8", ">i8",
	"<f4", ">f4", "<f8", ">f8"}

// showTypedArray is an array.array: class, type code, format, bytes.
func showTypedArray(c *converter, o *object, depth int) (value.Value, bool, error) {
	format, ok := whole(o.arg(2))
	if !ok || format < 0 || format >= int64(len(machineFormats)) || len(o.args) != 4 || o.state != nil {
		return nil, false, nil
	}
	data, ok, err := c.bytes(o.args[3], depth)
	if !ok || err != nil {
		return nil, false, err
	}
	name := machineFormats[format]
	size := int(name[2] - '0')
	return c.arrayText(name, []int{len(data) / size}, data)
}

// showTypedList is an array.array as protocols 0 to 2 have it: type code, list.
func showTypedList(c *converter, o *object, depth int) (value.Value, bool, error) {
	elements, ok := o.arg(1).(*list)
	if !ok || len(o.args) != 2 || o.state != nil || len(o.items) > 0 {
		return nil, false, nil
	}
	v, err := c.value(elements, depth)
	return v, true, err
}
