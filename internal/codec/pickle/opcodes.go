package pickle

// The opcodes, by the names that Python's pickletools gives them.
const (
	// Protocol 0.
	opMark    = '('
	opStop    = '.'
	opPop     = '0'
	opDup     = '2'
	opFloat   = 'F'
	opInt     = 'I'
	opLong    = 'L'
	opNone    = 'N'
	opPersID  = 'P'
	opReduce  = 'R'
	opString  = 'S'
	opUnicode = 'V'
	opAppend  = 'a'
	opBuild   = 'b'
	opGlobal  = 'c'
	opDict    = 'd'
	opGet     = 'g'
	opInst    = 'i'
	opList    = 'l'
	opPut     = 'p'
	opSetItem = 's'
	opTuple   = 't'

	// Protocol 1.
	opPopMark        = '1'
	opBinFloat       = 'G'
	opBinInt         = 'J'
	opBinInt1        = 'K'
	opBinInt2        = 'M'
	opBinPersID      = 'Q'
	opBinString      = 'T'
	opShortBinString = 'U'
	opBinUnicode     = 'X'
	opEmptyList      = ']'
	opEmptyTuple     = ')'
	opEmptyDict      = '}'
	opAppends        = 'e'
	opBinGet         = 'h'
	opLongBinGet     = 'j'
	opObj            = 'o'
	opBinPut         = 'q'
	opLongBinPut     = 'r'
	opSetItems       = 'u'

	// Protocol 2.
	opProto    = 0x80
	opNewObj   = 0x81
	opExt1     = 0x82
	opExt2     = 0x83
	opExt4     = 0x84
	opTuple1   = 0x85
	opTuple2   = 0x86
	opTuple3   = 0x87
	opNewTrue  = 0x88
	opNewFalse = 0x89
	opLong1    = 0x8a
	opLong4    = 0x8b

	// Protocol 3.
	opBinBytes      = 'B'
	opShortBinBytes = 'C'

	// Protocol 4.
	opShortBinUnicode = 0x8c
	opBinUnicode8     = 0x8d
	opBinBytes8       = 0x8e
	opEmptySet        = 0x8f
	opAddItems        = 0x90
	opFrozenSet       = 0x91
	opNewObjEx        = 0x92
	opStackGlobal     = 0x93
	opMemoize         = 0x94
	opFrame           = 0x95

	// Protocol 5.
	opByteArray8     = 0x96
	opNextBuffer     = 0x97
	opReadOnlyBuffer = 0x98
)

// newest is the newest protocol that is understood.
const newest = 5

// operations are what the opcodes do, but for STOP.
var operations = [256]func(*machine) error{
	opProto: (*machine).proto,
	opFrame: (*machine).frame,

	opMark:    (*machine).mark,
	opPop:     (*machine).drop,
	opPopMark: (*machine).dropMark,
	opDup:     (*machine).dup,

	opNone:     constant(nil),
	opNewTrue:  constant(true),
	opNewFalse: constant(false),
	opInt:      (*machine).decimal,
	opLong:     (*machine).decimal,
	opFloat:    (*machine).floatText,
	opBinInt:   (*machine).binInt,
	opBinInt1:  pushNumber(1),
	opBinInt2:  pushNumber(2),
	opLong1:    pushLong(1),
	opLong4:    pushLong(4),
	opBinFloat: (*machine).binFloat,

	opString:          (*machine).quoted,
	opBinString:       pushByteString(4),
	opShortBinString:  pushByteString(1),
	opUnicode:         (*machine).rawUnicode,
	opShortBinUnicode: pushText(1),
	opBinUnicode:      pushText(4),
	opBinUnicode8:     pushText(8),
	opShortBinBytes:   pushBytes(1),
	opBinBytes:        pushBytes(4),
	opBinBytes8:       pushBytes(8),
	opByteArray8:      pushBytes(8),

	opEmptyList:  (*machine).emptyList,
	opList:       collect(aList),
	opAppend:     (*machine).appendOne,
	opAppends:    (*machine).appendAll,
	opEmptyTuple: lastOf(0),
	opTuple1:     lastOf(1),
	opTuple2:     lastOf(2),
	opTuple3:     lastOf(3),
	opTuple:      collect(aTuple),
	opEmptySet:   (*machine).emptySet,
	opAddItems:   (*machine).appendAll,
	opFrozenSet:  collect(aSet),
	opEmptyDict:  (*machine).emptyDict,
	opDict:       (*machine).dict,
	opSetItem:    (*machine).setOne,
	opSetItems:   (*machine).setAll,

	opPut:        (*machine).putText,
	opBinPut:     put(1),
	opLongBinPut: put(4),
	opMemoize:    (*machine).memoize,
	opGet:        (*machine).getText,
	opBinGet:     get(1),
	opLongBinGet: get(4),

	opGlobal:      (*machine).global,
	opStackGlobal: (*machine).stackGlobal,
	opReduce:      (*machine).reduce,
	opNewObj:      (*machine).reduce,
	opNewObjEx:    (*machine).newObjEx,
	opInst:        (*machine).inst,
	opObj:         (*machine).obj,
	opBuild:       (*machine).build,

	opExt1:           extension(1),
	opExt2:           extension(2),
	opExt4:           extension(4),
	opPersID:         (*machine).persistent,
	opBinPersID:      (*machine).persistent,
	opNextBuffer:     (*machine).nextBuffer,
	opReadOnlyBuffer: (*machine).readOnly,
}
